#include "token.h"

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LIFE_SECONDS 900
/* The clocks of the signer and of the server may differ by this much. */
#define CLOCK_SKEW_SECONDS 300

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/* Decodes percent escapes where they stand: the result is never longer than what it came from. */
static bool decode_in_place(char *text) {
  char *out = text;
  for (const char *in = text; *in != '\0'; in++) {
    if (*in != '%') {
      *out++ = *in;
      continue;
    }
    int high = hex_digit(in[1]);
    int low = high < 0 ? -1 : hex_digit(in[2]);
    /* A decoded zero byte would hide the rest of the value from every check below. */
    if (low < 0 || (high == 0 && low == 0)) return false;
    *out++ = (char)(high * 16 + low);
    in += 2;
  }
  *out = '\0';
  return true;
}

static const char *value_of(const struct token *token, const char *name) {
  for (size_t i = 0; i < token->parameter_count; i++) {
    if (strcmp(token->parameters[i].name, name) == 0) return token->parameters[i].value;
  }
  return NULL;
}

static enum verdict add_parameter(struct token *token, char *text) {
  char *value = strchr(text, '=');
  if (value == NULL || value == text) return TOKEN_BAD_PARAMETER;
  *value++ = '\0';
  if (!decode_in_place(text) || !decode_in_place(value)) return TOKEN_BAD_ESCAPE;
  if (value_of(token, text) != NULL) return TOKEN_REPEATED_PARAMETER;
  if (token->parameter_count == TOKEN_MAX_PARAMETERS) return TOKEN_TOO_MANY_PARAMETERS;
  token->parameters[token->parameter_count++] = (struct parameter){.name = text, .value = value};
  return VERDICT_OK;
}

/* Cuts "key/day/region/service/aws4_request" into its parts, in a copy: the signature needs the whole. */
static enum verdict split_scope(struct token *token, char *copy) {
  const char **parts[] = {&token->access_key_id, &token->day, &token->region, &token->service, &token->terminator};
  size_t count = sizeof parts / sizeof parts[0];
  char *rest = copy;
  for (size_t i = 0; i < count; i++) {
    char *part = strsep(&rest, "/");
    if (part == NULL || *part == '\0') return TOKEN_MALFORMED_SCOPE;
    *parts[i] = part;
  }
  return rest == NULL ? VERDICT_OK : TOKEN_MALFORMED_SCOPE;
}

enum verdict token_parse(struct token *token, const char *text, size_t text_bytes) {
  memset(token, 0, sizeof *token);
  if (text_bytes > TOKEN_MAX_BYTES) return TOKEN_TOO_LONG;
  /* Once for the token, once more for the copy of its scope. */
  token->memory_bytes = 2 * (text_bytes + 1);
  token->memory = calloc(1, token->memory_bytes);
  if (token->memory == NULL) return LOGIN_OUT_OF_MEMORY;
  memcpy(token->memory, text, text_bytes);

  char *query = memmem(token->memory, text_bytes, "/?", 2);
  if (query == NULL || query == token->memory) return TOKEN_NOT_A_TOKEN;
  *query = '\0';
  token->endpoint = token->memory;
  query += 2;
  for (char *part; (part = strsep(&query, "&")) != NULL;) {
    enum verdict verdict = add_parameter(token, part);
    if (verdict != VERDICT_OK) return verdict;
  }

  token->action = value_of(token, "Action");
  token->user = value_of(token, "DBUser");
  token->algorithm = value_of(token, "X-Amz-Algorithm");
  token->date = value_of(token, "X-Amz-Date");
  token->expires = value_of(token, "X-Amz-Expires");
  token->signed_headers = value_of(token, "X-Amz-SignedHeaders");
  token->signature = value_of(token, "X-Amz-Signature");
  token->session_token = value_of(token, "X-Amz-Security-Token");
  const char *credential = value_of(token, "X-Amz-Credential");
  bool complete = token->action && token->user && token->algorithm && token->date && token->expires &&
                  token->signed_headers && token->signature && credential;
  if (!complete) return TOKEN_MISSING_PARAMETER;
  return split_scope(token, strcpy(token->memory + text_bytes + 1, credential));
}

static bool only_digits(const char *text, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

static int number(const char *digits, size_t count) {
  int value = 0;
  for (size_t i = 0; i < count; i++) value = value * 10 + (digits[i] - '0');
  return value;
}

/* Reads a time such as 20260102T030405Z. */
static bool parse_date(const char *text, time_t *result) {
  bool well_formed = strlen(text) == 16 && only_digits(text, 8) && text[8] == 'T' &&
                     only_digits(text + 9, 6) && text[15] == 'Z';
  if (!well_formed) return false;
  struct tm wanted = {
      .tm_year = number(text, 4) - 1900,
      .tm_mon = number(text + 4, 2) - 1,
      .tm_mday = number(text + 6, 2),
      .tm_hour = number(text + 9, 2),
      .tm_min = number(text + 11, 2),
      .tm_sec = number(text + 13, 2),
  };
  struct tm normal = wanted;
  *result = timegm(&normal);
  /* timegm turns the 31st of April into the 1st of May; a signer never writes the former. */
  return normal.tm_mon == wanted.tm_mon && normal.tm_mday == wanted.tm_mday && normal.tm_hour == wanted.tm_hour &&
         normal.tm_min == wanted.tm_min && normal.tm_sec == wanted.tm_sec;
}

static bool is_signature(const char *text) {
  return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static enum verdict check_time(const struct token *token, time_t now) {
  time_t signed_at;
  if (!parse_date(token->date, &signed_at)) return TOKEN_MALFORMED_DATE;
  if (strlen(token->day) != 8 || strncmp(token->day, token->date, 8) != 0) return TOKEN_SCOPE_DATE_DIFFERS;
  size_t digits = strlen(token->expires);
  if (digits == 0 || !only_digits(token->expires, digits)) return TOKEN_MALFORMED_EXPIRY;
  /* Nine digits always fit into an int. */
  int life_seconds = digits > 9 ? MAX_LIFE_SECONDS + 1 : number(token->expires, digits);
  if (life_seconds < 1 || life_seconds > MAX_LIFE_SECONDS) return TOKEN_LIVES_TOO_LONG;
  if (signed_at > now + CLOCK_SKEW_SECONDS) return TOKEN_FROM_THE_FUTURE;
  if (now >= signed_at + life_seconds) return TOKEN_EXPIRED;
  return VERDICT_OK;
}

enum verdict token_check(const struct token *token, const char *user, time_t now) {
  if (strcmp(token->action, "connect") != 0) return TOKEN_WRONG_ACTION;
  if (strcmp(token->algorithm, "AWS4-HMAC-SHA256") != 0) return TOKEN_WRONG_ALGORITHM;
  if (strcmp(token->signed_headers, "host") != 0) return TOKEN_WRONG_SIGNED_HEADERS;
  if (!is_signature(token->signature)) return TOKEN_MALFORMED_SIGNATURE;
  if (strcmp(token->terminator, "aws4_request") != 0) return TOKEN_MALFORMED_SCOPE;
  if (strcmp(token->service, "rds-db") != 0) return TOKEN_WRONG_SERVICE;
  if (strcmp(token->user, user) != 0) return TOKEN_OTHER_USER;
  return check_time(token, now);
}

void token_free(struct token *token) {
  if (token->memory != NULL) {
    OPENSSL_cleanse(token->memory, token->memory_bytes);
    free(token->memory);
  }
  OPENSSL_cleanse(token, sizeof *token);
}
