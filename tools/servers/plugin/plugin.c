/* SPDX-License-Identifier: GPL-2.0-only
 *
 * AWSAuthenticationPlugin: the server side of IAM database authentication, for a database on your own machine.
 *
 *   CREATE USER 'app'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;
 *
 * It asks the client for mysql_clear_password, as RDS does; the password must be a good token.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "keyring.h"
#include "server-interface.h"
#include "token.h"

#define PLUGIN_NAME "AWSAuthenticationPlugin"
#define PLUGIN_VERSION 0x0100
#define KEYRING_VARIABLE "AWS_AUTHENTICATION_PLUGIN_KEYRING"
#define CLIENT_PLUGIN "mysql_clear_password"
#define ACCOUNT_MARK "RDS"

/* Everything else is compiled with hidden visibility, so that no name of ours meets one of the server's. */
#define EXPORTED __attribute__((visibility("default")))

static int is_account_mark(const char *text, size_t bytes) {
  return bytes == strlen(ACCOUNT_MARK) && memcmp(text, ACCOUNT_MARK, bytes) == 0;
}

/* Refuses before the client is asked for its password, so that no token crosses the wire in the clear.
 * MariaDB's interface does not tell whether the connection is encrypted; there require_secure_transport and
 * REQUIRE SSL refuse it. */
static enum verdict check_channel(struct channel *channel) {
#ifdef FOR_MYSQL
  struct channel_info info;
  memset(&info, 0, sizeof info);
  channel->info(channel, &info);
  if (info.protocol != CHANNEL_SOCKET && !info.is_encrypted) return LOGIN_NOT_ENCRYPTED;
#else
  (void)channel;
#endif
  return VERDICT_OK;
}

static enum verdict judge_password(const char *password, size_t bytes, const char *user) {
  struct token token;
  enum verdict verdict = token_parse(&token, password, bytes);
  if (verdict == VERDICT_OK) verdict = token_check(&token, user, time(NULL));
  if (verdict == VERDICT_OK) verdict = keyring_judge(getenv(KEYRING_VARIABLE), &token);
  token_free(&token);
  return verdict;
}

static enum verdict judge_login(struct channel *channel, struct login *login) {
  enum verdict verdict = check_channel(channel);
  if (verdict != VERDICT_OK) return verdict;
  unsigned char *packet = NULL;
  int packet_bytes = channel->read_packet(channel, &packet);
  if (packet_bytes <= 0) return LOGIN_NO_PASSWORD;
  login->password_used = PASSWORD_WAS_USED;
  if (!is_account_mark(login->auth_string, login->auth_string_bytes)) return LOGIN_ACCOUNT_NOT_RDS;
  size_t password_bytes = strnlen((const char *)packet, (size_t)packet_bytes);
  verdict = judge_password((const char *)packet, password_bytes, login->user_name);
  /* The server's own network buffer; it is ours until the next packet. */
  OPENSSL_cleanse(packet, password_bytes);
  return verdict;
}

/* A name comes from the client before it is known to be anybody's: it may not forge a line of the log. */
static void copy_printable(char *out, size_t out_bytes, const char *text, size_t text_bytes) {
  size_t count = text_bytes < out_bytes ? text_bytes : out_bytes - 1;
  for (size_t i = 0; i < count; i++) out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
  out[count] = '\0';
}

static void log_refusal(const struct login *login, enum verdict verdict) {
  char user[USER_NAME_BYTES];
  char host[256];
  copy_printable(user, sizeof user, login->user_name, login->user_name_bytes);
  copy_printable(host, sizeof host, login->host_or_ip, login->host_or_ip_bytes);
  fprintf(stderr, "%s: refused '%s' from '%s': %s\n", PLUGIN_NAME, user, host, verdict_sentence(verdict));
}

static int authenticate(struct channel *channel, struct login *login) {
  enum verdict verdict = judge_login(channel, login);
  if (verdict == VERDICT_OK) return LOGIN_GRANTED;
  log_refusal(login, verdict);
  return LOGIN_REFUSED;
}

#ifdef FOR_MYSQL

/* Only for IDENTIFIED WITH ... BY, which makes no sense here: the text is kept and then refused by its form. */
static int keep_auth_string(char *out, unsigned int *out_bytes, const char *in, unsigned int in_bytes) {
  if (*out_bytes < in_bytes) return 1;
  memcpy(out, in, in_bytes);
  *out_bytes = in_bytes;
  return 0;
}

static int validate_auth_string(char *text, unsigned int bytes) { return !is_account_mark(text, bytes); }

static int set_no_salt(const char *text, unsigned int bytes, unsigned char *salt, unsigned char *salt_bytes) {
  (void)text;
  (void)bytes;
  (void)salt;
  *salt_bytes = 0;
  return 0;
}

static struct authentication handler = {
    .interface_version = 0x0201,
    .client_plugin = CLIENT_PLUGIN,
    .authenticate = authenticate,
    .generate_auth_string = keep_auth_string,
    .validate_auth_string = validate_auth_string,
    .set_salt = set_no_salt,
};

EXPORTED int _mysql_plugin_interface_version_ = 0x010B;
EXPORTED int _mysql_sizeof_struct_st_plugin_ = sizeof(struct plugin);
EXPORTED struct plugin _mysql_plugin_declarations_[] = {
    {
        .type = AUTHENTICATION_PLUGIN_TYPE,
        .info = &handler,
        .name = PLUGIN_NAME,
        .author = "Sealed Beanstalk",
        .description = "Logs in with RDS IAM tokens, on a local server",
        .license = LICENSE_IS_GPL,
        .version = PLUGIN_VERSION,
    },
    {0},
};

#else

enum { MATURITY_STABLE = 5 };

static struct authentication handler = {
    .interface_version = 0x0202,
    .client_plugin = CLIENT_PLUGIN,
    .authenticate = authenticate,
};

EXPORTED int _maria_plugin_interface_version_ = 0x010E;
EXPORTED int _maria_sizeof_struct_st_plugin_ = sizeof(struct plugin);
EXPORTED struct plugin _maria_plugin_declarations_[] = {
    {
        .type = AUTHENTICATION_PLUGIN_TYPE,
        .info = &handler,
        .name = PLUGIN_NAME,
        .author = "Sealed Beanstalk",
        .description = "Logs in with RDS IAM tokens, on a local server",
        .license = LICENSE_IS_GPL,
        .version = PLUGIN_VERSION,
        .version_text = "1.0",
        .maturity = MATURITY_STABLE,
    },
    {0},
};

#endif
