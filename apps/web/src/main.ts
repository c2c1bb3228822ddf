import { loadConfig, processEnvironment, type WebConfig } from "./config.ts";
import { openDatabase } from "./database.ts";
import { ConfigError } from "./errors.ts";
import { createLog, type Log } from "./log.ts";
import { assemble, type RunningApp } from "./start.ts";
import { logTlsEvents } from "./tls-events.ts";

/** A process that has not ended by itself this long after a failure is ended by force. */
const FORCED_END_MS = 10_000;

/** Ends this process at once, as the signal would have done without a handler. */
function endNow(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/**
 * Ends the process on an error that nobody handled: what is under way is cut, because nothing in the
 * process can be trusted any more, and whoever started it starts a new one.
 */
function endOnUncaughtErrors(log: Log, app: RunningApp): void {
  process.on("uncaughtException", (error, origin) => {
    log.fatal({ err: error, origin }, "uncaught error: the process ends");
    const isFirst = process.exitCode !== 1;
    process.exitCode = 1;
    if (!isFirst) return;
    setTimeout(() => endNow("SIGTERM"), FORCED_END_MS).unref();
    void app.abort();
  });
}

/** The first signal drains, after which nothing keeps the process; the second ends it at once. */
function drainOnSignals(log: Log, app: RunningApp): void {
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (isStopping) return endNow(signal);
      isStopping = true;
      log.info({ signal }, "stopping");
      void app.drain();
    });
  }
}

async function listen(config: WebConfig, log: Log, app: RunningApp): Promise<void> {
  try {
    const port = await app.listen();
    if (port === undefined) return;
    const { topology, tls } = config;
    const fingerprint256 = app.server.tlsState()?.fingerprint256;
    log.info({ port, topology, tlsSource: tls.source, fingerprint256 }, "listening");
  } catch (error) {
    const { listenAddress, port } = config;
    log.fatal({ err: error, listenAddress, port }, "cannot listen");
    process.exitCode = 1;
    await app.abort();
  }
}

async function run(): Promise<void> {
  const config = loadConfig(processEnvironment());
  const log = createLog({ level: config.logLevel, instance: config.instance });
  const listening = Promise.withResolvers<void>();
  const database = openDatabase(config, log, listening.promise);
  logTlsEvents(log);
  const app = await assemble(config, log, database).catch(async (error: unknown) => {
    log.fatal({ err: error }, "cannot start");
    process.exitCode = 1;
    await database.close();
  });
  if (app === undefined) return;
  endOnUncaughtErrors(log, app);
  drainOnSignals(log, app);
  await listen(config, log, app);
  listening.resolve();
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\nSee docs/reference/settings.md, or: npm run settings\n`);
  process.exitCode = 2;
}
