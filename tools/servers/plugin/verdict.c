#include "verdict.h"

const char *verdict_sentence(enum verdict verdict) {
  switch (verdict) {
    case VERDICT_OK: return "the token is good";
    case TOKEN_TOO_LONG: return "the password is longer than any token";
    case TOKEN_NOT_A_TOKEN: return "the password is not a token: it does not begin with host:port/?";
    case TOKEN_BAD_PARAMETER: return "the token has a parameter without a name or a value sign";
    case TOKEN_BAD_ESCAPE: return "the token has a broken percent escape";
    case TOKEN_REPEATED_PARAMETER: return "the token names a parameter twice";
    case TOKEN_TOO_MANY_PARAMETERS: return "the token has more parameters than any token needs";
    case TOKEN_MISSING_PARAMETER: return "the token lacks a required parameter";
    case TOKEN_WRONG_ACTION: return "the token's Action is not connect";
    case TOKEN_WRONG_ALGORITHM: return "the token's algorithm is not AWS4-HMAC-SHA256";
    case TOKEN_WRONG_SIGNED_HEADERS: return "the token signs other headers than host";
    case TOKEN_MALFORMED_SIGNATURE: return "the token's signature is not 64 lower-case hex digits";
    case TOKEN_OTHER_USER: return "the token was made for another database user";
    case TOKEN_MALFORMED_SCOPE: return "the token's credential is not key/day/region/service/aws4_request";
    case TOKEN_WRONG_SERVICE: return "the token's scope is not the service rds-db";
    case TOKEN_MALFORMED_DATE: return "the token's date is not a time such as 20260102T030405Z";
    case TOKEN_SCOPE_DATE_DIFFERS: return "the token's scope names another day than its date";
    case TOKEN_MALFORMED_EXPIRY: return "the token's expiry is not a number of seconds";
    case TOKEN_LIVES_TOO_LONG: return "the token asks for another life than 1 to 900 seconds";
    case TOKEN_FROM_THE_FUTURE: return "the token was signed in the future";
    case TOKEN_EXPIRED: return "the token has expired";
    case KEYRING_UNREADABLE: return "the server's allow-list cannot be read";
    case KEYRING_UNKNOWN_KEY: return "the access key is not in the allow-list";
    case KEYRING_OTHER_REGION: return "the token was signed for another region";
    case KEYRING_BAD_SIGNATURE: return "the signature does not match";
    case KEYRING_SESSION_TOKEN_MISSING: return "the access key is temporary and the token has no session token";
    case KEYRING_SESSION_TOKEN_UNEXPECTED: return "the access key is permanent and the token has a session token";
    case KEYRING_SESSION_TOKEN_DIFFERS: return "the session token is not the one of the access key";
    case KEYRING_OTHER_ENDPOINT: return "the token was made for another host or port";
    case KEYRING_USER_NOT_ALLOWED: return "the access key may not connect as this database user";
    case LOGIN_NOT_ENCRYPTED: return "the connection is not encrypted";
    case LOGIN_ACCOUNT_NOT_RDS: return "the account was not created with AS 'RDS'";
    case LOGIN_NO_PASSWORD: return "the client sent no password";
    case LOGIN_OUT_OF_MEMORY: return "there is no memory left to check the token";
  }
  return "the login was refused";
}
