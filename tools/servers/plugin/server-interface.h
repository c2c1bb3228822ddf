/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The parts of the servers' authentication interface that this plugin uses.
 *
 * Declared here, because neither server's own headers come with the packages that the sandbox unpacks. Names,
 * order and sizes follow include/mysql/plugin.h, plugin_auth.h and plugin_auth_common.h of MySQL (8.0.31 to 9.7)
 * and of MariaDB (10.4 to 11.8), which are GPL-2.0; so is this folder. Compile with -DFOR_MYSQL or -DFOR_MARIADB.
 * https://dev.mysql.com/doc/extending-mysql/en/writing-authentication-plugins.html
 */
#ifndef SERVER_INTERFACE_H
#define SERVER_INTERFACE_H

#if defined(FOR_MYSQL) == defined(FOR_MARIADB)
#error "define exactly one of FOR_MYSQL and FOR_MARIADB"
#endif

enum { AUTHENTICATION_PLUGIN_TYPE = 7, LICENSE_IS_GPL = 1 };

/* What authenticate_user returns. */
enum { LOGIN_REFUSED = 0, LOGIN_GRANTED = -1 };

enum { PASSWORD_WAS_USED = 1 };

#ifdef FOR_MYSQL
#define USER_NAME_BYTES (96 + 1)
#define EXTERNAL_USER_BYTES 512
#else
#define USER_NAME_BYTES (512 + 1)
#define EXTERNAL_USER_BYTES (512 + 1)
#endif

enum channel_protocol { CHANNEL_INVALID, CHANNEL_TCP, CHANNEL_SOCKET, CHANNEL_PIPE, CHANNEL_MEMORY };

struct channel_info {
  int protocol;
  int socket;
#ifdef FOR_MYSQL
  _Bool is_encrypted; /* since MySQL 8.0.31 */
#endif
  /* A newer server may know more fields, and writes them. */
  char reserved[64];
};

struct channel {
  int (*read_packet)(struct channel *channel, unsigned char **packet);
  int (*write_packet)(struct channel *channel, const unsigned char *packet, int bytes);
  void (*info)(struct channel *channel, struct channel_info *info);
};

struct login {
  const char *user_name;
  unsigned int user_name_bytes;
  const char *auth_string; /* what stands after AS in CREATE USER */
  unsigned long auth_string_bytes;
  char authenticated_as[USER_NAME_BYTES];
  char external_user[EXTERNAL_USER_BYTES];
  int password_used;
  const char *host_or_ip;
  unsigned int host_or_ip_bytes;
  /* Later fields are not used. */
};

typedef int authenticate_function(struct channel *channel, struct login *login);

#ifdef FOR_MYSQL

struct authentication {
  int interface_version;
  const char *client_plugin;
  authenticate_function *authenticate;
  int (*generate_auth_string)(char *out, unsigned int *out_bytes, const char *in, unsigned int in_bytes);
  int (*validate_auth_string)(char *text, unsigned int bytes);
  int (*set_salt)(const char *text, unsigned int bytes, unsigned char *salt, unsigned char *salt_bytes);
  unsigned long flags;
  void *compare_password_with_hash;
};

struct plugin {
  int type;
  void *info;
  const char *name, *author, *description;
  int license;
  void *on_load, *on_check_uninstall, *on_unload;
  unsigned int version;
  void *status_variables, *system_variables, *reserved;
  unsigned long flags;
};

#else

struct authentication {
  int interface_version;
  const char *client_plugin;
  authenticate_function *authenticate;
  void *hash_password, *preprocess_hash;
};

struct plugin {
  int type;
  void *info;
  const char *name, *author, *description;
  int license;
  void *on_load, *on_unload;
  unsigned int version;
  void *status_variables, *system_variables;
  const char *version_text;
  unsigned int maturity;
};

#endif
#endif
