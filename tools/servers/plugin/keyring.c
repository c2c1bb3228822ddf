#include "keyring.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "signature.h"

#define MAX_FILE_BYTES (1 << 20)

struct entry {
  const char *access_key_id;
  const char *secret_access_key;
  const char *session_token; /* NULL when the key is permanent */
  const char *region;
  const char *endpoint;
  char *users;
};

/* Reads the file with read(2) into one block that can be overwritten; stdio would keep copies of the secrets. */
static char *read_whole(const char *file, size_t *bytes) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  struct stat info;
  char *text = NULL;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= MAX_FILE_BYTES) {
    *bytes = (size_t)info.st_size;
    text = calloc(1, *bytes + 1);
  }
  for (size_t used = 0; text != NULL && used < *bytes;) {
    ssize_t count = read(fd, text + used, *bytes - used);
    if (count <= 0) break;
    used += (size_t)count;
  }
  close(fd);
  return text;
}

static char *next_field(char **line) {
  char *field;
  do {
    field = strsep(line, " \t");
  } while (field != NULL && *field == '\0');
  return field;
}

static bool parse_entry(char *line, struct entry *entry) {
  if (*line == '#') return false;
  entry->access_key_id = next_field(&line);
  entry->secret_access_key = next_field(&line);
  const char *session_token = next_field(&line);
  entry->region = next_field(&line);
  entry->endpoint = next_field(&line);
  entry->users = next_field(&line);
  if (entry->users == NULL) return false;
  entry->session_token = strcmp(session_token, "-") == 0 ? NULL : session_token;
  return true;
}

static enum verdict check_session_token(const struct token *token, const struct entry *entry) {
  if (entry->session_token == NULL) {
    return token->session_token == NULL ? VERDICT_OK : KEYRING_SESSION_TOKEN_UNEXPECTED;
  }
  if (token->session_token == NULL) return KEYRING_SESSION_TOKEN_MISSING;
  size_t length = strlen(entry->session_token);
  bool same = strlen(token->session_token) == length &&
              CRYPTO_memcmp(token->session_token, entry->session_token, length) == 0;
  return same ? VERDICT_OK : KEYRING_SESSION_TOKEN_DIFFERS;
}

/* Case counts in a user's name, as it does in RDS. */
static bool lists_user(char *users, const char *user) {
  for (char *listed; (listed = strsep(&users, ",")) != NULL;) {
    if (strcmp(listed, user) == 0) return true;
  }
  return false;
}

static enum verdict judge_entry(const struct token *token, struct entry *entry) {
  if (strcmp(entry->access_key_id, token->access_key_id) != 0) return KEYRING_UNKNOWN_KEY;
  if (strcmp(entry->region, token->region) != 0) return KEYRING_OTHER_REGION;
  enum verdict verdict = signature_check(token, entry->secret_access_key);
  if (verdict == VERDICT_OK) verdict = check_session_token(token, entry);
  if (verdict != VERDICT_OK) return verdict;
  /* A host name has no case. */
  if (strcasecmp(entry->endpoint, token->endpoint) != 0) return KEYRING_OTHER_ENDPOINT;
  return lists_user(entry->users, token->user) ? VERDICT_OK : KEYRING_USER_NOT_ALLOWED;
}

enum verdict keyring_judge(const char *file, const struct token *token) {
  size_t bytes = 0;
  char *text = file == NULL ? NULL : read_whole(file, &bytes);
  if (text == NULL) return KEYRING_UNREADABLE;
  enum verdict furthest = KEYRING_UNKNOWN_KEY;
  char *rest = text;
  for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
    struct entry entry;
    if (!parse_entry(line, &entry)) continue;
    enum verdict verdict = judge_entry(token, &entry);
    if (verdict == VERDICT_OK || verdict > furthest) furthest = verdict;
    if (verdict == VERDICT_OK) break;
  }
  OPENSSL_cleanse(text, bytes);
  free(text);
  return furthest;
}
