/* check-token USER KEYRING SECONDS: reads tokens on standard input, one a line, and writes for each what the server
 * would think of it at that time (seconds since 1970). For tests: thousands of tokens a second, and no server. */
#include <stdio.h>
#include <stdlib.h>

#include "keyring.h"
#include "token.h"

static enum verdict judge(const char *text, size_t bytes, char **arguments) {
  struct token token;
  enum verdict verdict = token_parse(&token, text, bytes);
  if (verdict == VERDICT_OK) verdict = token_check(&token, arguments[1], (time_t)atoll(arguments[3]));
  if (verdict == VERDICT_OK) verdict = keyring_judge(arguments[2], &token);
  token_free(&token);
  return verdict;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: %s USER KEYRING SECONDS < TOKENS\n", arguments[0]);
    return 2;
  }
  char *line = NULL;
  size_t capacity = 0;
  for (ssize_t bytes; (bytes = getline(&line, &capacity, stdin)) > 0;) {
    size_t token_bytes = (size_t)bytes - (line[bytes - 1] == '\n');
    puts(verdict_sentence(judge(line, token_bytes, arguments)));
  }
  free(line);
  return 0;
}
