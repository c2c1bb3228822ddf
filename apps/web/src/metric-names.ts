/** Every number of the line `metrics`, with its meaning. Counts are of the time since the line before. */
export const metricMeanings = {
  certificateDaysLeft: "Whole days until the app's own certificate ends.",
  certificatesRefused: "Certificates that were refused, and attempts to get one that failed.",
  connections: "Connections that are open now.",
  handshakes: "TLS handshakes that succeeded.",
  handshakesFailed: "TLS handshakes that failed, plain HTTP among them.",
  handshakesResumed: "TLS handshakes that resumed an earlier session.",
  httpOnTls: "Connections that spoke plain HTTP to the encrypted port, and were closed.",
  databaseOpen: "Connections to the database that are open now.",
  databaseIdle: "Connections to the database that nobody uses now.",
  databaseWaiting: "Requests that wait for a connection to the database now.",
  databaseLoginsFailed: "Connections to the database that could not be opened.",
  databaseAbandoned: "Statements that were given up while they ran.",
  databaseTokenAgeSeconds: "Age of the newest token or password; absent before the first.",
} as const;

/** Name of one number of the line `metrics`. */
export type MetricName = keyof typeof metricMeanings;
