/** A program that does not end when it is asked to. */
process.on("SIGTERM", () => undefined);
setInterval(() => undefined, 1_000);
process.stdout.write("up\n");
