/**
 * Calls back again and again, each time after `everyMs` plus or minus a tenth of it by chance, until disposed.
 * Never keeps the process alive.
 */
export function repeatWithJitter(
  everyMs: number,
  run: () => void,
  random: () => number = Math.random,
): Disposable {
  let timer: NodeJS.Timeout;
  const arm = () => {
    timer = setTimeout(
      () => {
        arm();
        run();
      },
      everyMs * (0.9 + random() * 0.2),
    );
    timer.unref();
  };
  arm();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
