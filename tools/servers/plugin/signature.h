/* AWS Signature Version 4 for a presigned GET of "/", as RDS tokens are.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "token.h"

/* Returns VERDICT_OK when the token was signed with this secret key, else KEYRING_BAD_SIGNATURE. */
enum verdict signature_check(const struct token *token, const char *secret_access_key);

#endif
