export { freePort, portHolder } from "./ports.ts";
export {
  type GuardedProcess,
  type GuardOptions,
  type ProcessExit,
  type Program,
  spawnGuarded,
} from "./spawn-guarded.ts";
export { untilPortAnswers } from "./until-port-answers.ts";
