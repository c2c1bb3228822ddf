/** Reasons a `ServersError` can carry. */
export type ServersErrorCode =
  | "SERVERS_UNSUPPORTED_SYSTEM"
  | "SERVERS_PACKAGES_UNAVAILABLE"
  | "SERVERS_PROGRAM_DOES_NOT_RUN"
  | "SERVERS_PLUGIN_BUILD_FAILED"
  | "SERVERS_COMMAND_FAILED"
  | "SERVERS_PORT_TAKEN"
  | "SERVERS_DATABASE_START_FAILED"
  | "SERVERS_LOAD_BALANCER_FAILED"
  | "SERVERS_CA_EXPIRED";

/** The error class of this package. Branch on `code`, never on `message`. */
export class ServersError extends Error {
  override readonly name = "ServersError";
  readonly code: ServersErrorCode;

  constructor(code: ServersErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
