/* check-token USER KEYRING SECONDS: reads a token on standard input, says what the server would think of it at
 * that time (seconds since 1970), and ends with 0 when it is good. For tests: no server needed. */
#include <stdio.h>
#include <stdlib.h>

#include "keyring.h"
#include "token.h"

int main(int count, char **arguments) {
  static char text[TOKEN_MAX_BYTES + 2];
  if (count != 4) {
    fprintf(stderr, "usage: %s USER KEYRING SECONDS < TOKEN\n", arguments[0]);
    return 2;
  }
  size_t bytes = fread(text, 1, sizeof text - 1, stdin);
  struct token token;
  enum verdict verdict = token_parse(&token, text, bytes);
  if (verdict == VERDICT_OK) verdict = token_check(&token, arguments[1], (time_t)atoll(arguments[3]));
  if (verdict == VERDICT_OK) verdict = keyring_judge(arguments[2], &token);
  token_free(&token);
  puts(verdict_sentence(verdict));
  return verdict == VERDICT_OK ? 0 : 1;
}
