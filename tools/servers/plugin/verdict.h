/* Why a login was let in or refused. Each refusal has a sentence of its own, for the server's log only. */
#ifndef VERDICT_H
#define VERDICT_H

enum verdict {
  VERDICT_OK = 0,

  /* The token cannot be read. */
  TOKEN_TOO_LONG,
  TOKEN_NOT_A_TOKEN,
  TOKEN_BAD_PARAMETER,
  TOKEN_BAD_ESCAPE,
  TOKEN_REPEATED_PARAMETER,
  TOKEN_TOO_MANY_PARAMETERS,
  TOKEN_MISSING_PARAMETER,

  /* The token can be read and asks for something else than a login of this user now. */
  TOKEN_WRONG_ACTION,
  TOKEN_WRONG_ALGORITHM,
  TOKEN_WRONG_SIGNED_HEADERS,
  TOKEN_MALFORMED_SIGNATURE,
  TOKEN_OTHER_USER,
  TOKEN_MALFORMED_SCOPE,
  TOKEN_WRONG_SERVICE,
  TOKEN_MALFORMED_DATE,
  TOKEN_SCOPE_DATE_DIFFERS,
  TOKEN_MALFORMED_EXPIRY,
  TOKEN_LIVES_TOO_LONG,
  TOKEN_FROM_THE_FUTURE,
  TOKEN_EXPIRED,

  /* The allow-list decides. The order is the order of the checks: keyring_judge keeps the furthest one. */
  KEYRING_UNREADABLE,
  KEYRING_UNKNOWN_KEY,
  KEYRING_OTHER_REGION,
  KEYRING_BAD_SIGNATURE,
  KEYRING_SESSION_TOKEN_MISSING,
  KEYRING_SESSION_TOKEN_UNEXPECTED,
  KEYRING_SESSION_TOKEN_DIFFERS,
  KEYRING_OTHER_ENDPOINT,
  KEYRING_USER_NOT_ALLOWED,

  /* The connection or the account is not fit for tokens. */
  LOGIN_NOT_ENCRYPTED,
  LOGIN_ACCOUNT_NOT_RDS,
  LOGIN_NO_PASSWORD,
  LOGIN_OUT_OF_MEMORY
};

/* Returns the sentence for a verdict; it never contains anything from the token. */
const char *verdict_sentence(enum verdict verdict);

#endif
