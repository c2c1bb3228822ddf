import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of its own that takes part in a drill; `Handlers` are the questions it answers. */
export interface Helper<Handlers> extends AsyncDisposable {
  readonly pid: number;
  /** Asks the process and returns its answer; rejects with its error, and when it ends before it answers. */
  ask<Name extends keyof Handlers & string>(
    name: Name,
    request: Question<Handlers[Name]>,
  ): Promise<Awaited<Reply<Handlers[Name]>>>;
}

type Question<Handler> = Handler extends (request: infer R) => unknown ? R : never;
type Reply<Handler> = Handler extends (request: never) => infer R ? R : never;
type Handler = (request: never) => unknown;

interface Letter {
  id: number;
  name: string;
  request: never;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** Starts a file of this folder as a process that dies with this one, with the same options of Node. */
export async function startHelper<Handlers>(file: string): Promise<Helper<Handlers>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execPath: "setpriv",
    execArgv: ["--pdeathsig=KILL", "--", process.execPath, ...process.execArgv],
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on("message", (answer: Answer) => waiting.get(answer.id)?.(answer));
  child.once("exit", (code, signal) => {
    for (const settle of waiting.values()) settle({ id: 0, error: `${file} ended with ${code ?? signal}` });
  });
  await once(child, "spawn");
  let lastId = 0;
  const ask = async (name: string, request: unknown): Promise<unknown> => {
    const id = ++lastId;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.set(id, resolve);
    child.send({ id, name, request });
    const { error, result } = await promise;
    waiting.delete(id);
    if (error !== undefined) throw new Error(error);
    return result;
  };
  return {
    pid: child.pid as number,
    ask: ask as Helper<Handlers>["ask"],
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Answers, in a helper process, what the drill asks until it ends the process. */
export function answer(handlers: Record<string, Handler>): void {
  process.on("message", (letter: Letter) => void reply(handlers, letter));
}

async function reply(handlers: Record<string, Handler>, { id, name, request }: Letter): Promise<void> {
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`no handler is called ${name}`);
    process.send?.({ id, result: await handler(request) });
  } catch (error) {
    process.send?.({ id, error: (error as Error).stack });
  }
}
