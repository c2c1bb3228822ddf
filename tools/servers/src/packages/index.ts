export { type EnsureProgramOptions, ensureProgram } from "./ensure-program.ts";
export { type EnsureProgramsOptions, ensurePrograms } from "./ensure-programs.ts";
export { exclusively } from "./exclusive.ts";
export type { Programs } from "./programs.ts";
export type { Progress } from "./progress.ts";
export type { ServerKind } from "./suites.ts";
export { type MachineSurvey, surveyMachine } from "./survey-machine.ts";
