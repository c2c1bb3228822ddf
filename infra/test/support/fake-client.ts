/** Stands in for a client of AWS's SDK: answers from a function, and remembers what was sent. */
export interface FakeClient {
  readonly sent: { name: string; input: Record<string, unknown> }[];
  // biome-ignore lint/suspicious/noExplicitAny: stands in for `send` of every client, each with types of its own.
  send: any;
}

/** Returns a client whose answers come from `answer`, by the command's name; an error is thrown. */
export function fakeClient(
  answer: (name: string, input: Record<string, unknown>) => unknown = () => ({}),
): FakeClient {
  const sent: FakeClient["sent"] = [];
  return {
    sent,
    send: (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const { name } = command.constructor;
      sent.push({ name, input: command.input });
      try {
        return Promise.resolve(answer(name, command.input));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
}
