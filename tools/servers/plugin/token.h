/* Reads an RDS authentication token:
 *
 *   host:port/?Action=connect&DBUser=NAME&X-Amz-Algorithm=...&X-Amz-Credential=...&X-Amz-Signature=...
 *
 * which is a SigV4 presigned URL without its "https://".
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stddef.h>
#include <time.h>

#include "verdict.h"

/* Nine parameters are known; a signer may add a few, and they are covered by the signature. */
#define TOKEN_MAX_PARAMETERS 16

/* A session token has no fixed length limit. This is far above any seen, and bounds what one login can cost.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html */
#define TOKEN_MAX_BYTES 32768

struct parameter {
  const char *name;
  const char *value; /* decoded */
};

struct token {
  char *memory; /* every string below lies in here */
  size_t memory_bytes;

  const char *endpoint; /* host:port */
  struct parameter parameters[TOKEN_MAX_PARAMETERS];
  size_t parameter_count;

  const char *action;
  const char *user;
  const char *algorithm;
  const char *date;
  const char *expires;
  const char *signed_headers;
  const char *signature;
  const char *session_token; /* NULL when there is none */

  /* The five parts of X-Amz-Credential. */
  const char *access_key_id;
  const char *day;
  const char *region;
  const char *service;
  const char *terminator;
};

/* Takes the token apart. Call token_free afterwards in any case. */
enum verdict token_parse(struct token *token, const char *text, size_t text_bytes);

/* Checks everything that needs no key: form, user and time. */
enum verdict token_check(const struct token *token, const char *user, time_t now);

/* Overwrites and frees what token_parse took. */
void token_free(struct token *token);

#endif
