type Handler = (request: never) => unknown;

interface Question {
  id: number;
  name: string;
  request: never;
}

/** Answers the questions that the parent process asks, until it ends this process. */
export function answer(handlers: Record<string, Handler>): void {
  process.on("message", (message) => void reply(handlers, message as Question));
}

async function reply(handlers: Record<string, Handler>, { id, name, request }: Question): Promise<void> {
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`no handler is called ${name}`);
    process.send?.({ id, result: await handler(request) });
  } catch (error) {
    process.send?.({ id, error: (error as Error).stack });
  }
}
