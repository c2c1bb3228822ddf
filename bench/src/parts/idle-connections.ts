import { answer } from "./answer.ts";
import { HttpConnection, type Target } from "./http-client.ts";

/** Questions that this part answers. */
export interface IdleHandlers {
  /** Opens connections, sends one request on each, and keeps them; returns how many were answered with 200. */
  open(request: Target & { connections: number }): Promise<number>;
  /** Returns how many of them are still open at both ends. */
  countOpen(request: null): number;
  close(request: null): void;
}

const AT_ONCE = 50;

const held: HttpConnection[] = [];

async function open({ connections, ...target }: Target & { connections: number }): Promise<number> {
  let started = 0;
  let answered = 0;
  const opener = async (): Promise<void> => {
    while (started < connections) {
      started += 1;
      const status = await requestOnce(target);
      answered += status === 200 ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, opener));
  return answered;
}

function requestOnce(target: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const connection = new HttpConnection(target, () => connection.send(resolve));
    connection.socket.once("error", reject);
    held.push(connection);
  });
}

answer({
  open,
  countOpen: () => held.filter(({ socket }) => socket.readyState === "open").length,
  close: () => {
    for (const { socket } of held.splice(0)) socket.destroy();
  },
} satisfies IdleHandlers);
