/* The allow-list that stands in for IAM: which access key may log in where, and as whom. One entry a line,
 * six fields parted by blanks, "-" for no session token, "#" begins a comment line:
 *
 *   access-key-id secret-access-key session-token region host:port user[,user...]
 *
 * It is read at each login, so that a change takes effect at the next one, as a change of an IAM policy does.
 */
#ifndef KEYRING_H
#define KEYRING_H

#include "token.h"

/* Returns VERDICT_OK when an entry lets the token in, else the reason of the entry that came closest. */
enum verdict keyring_judge(const char *file, const struct token *token);

#endif
