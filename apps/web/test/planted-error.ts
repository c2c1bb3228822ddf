// Loaded into the app with --import: an error that nobody handles, at a time of the test's choice.
process.once("SIGUSR2", () => {
  throw new Error("planted, token=PLANTED-SECRET");
});
