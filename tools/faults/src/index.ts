export { type Behaviour, type Misbehaving, misbehaving } from "./misbehaving.ts";
export {
  type Cut,
  type FaultProxy,
  type FaultProxyOptions,
  startFaultProxy,
  type Target,
} from "./proxy/fault-proxy.ts";
export type { CutBy, Direction } from "./proxy/faults.ts";
export { SettableResolver } from "./settable-resolver.ts";
export { FakeClock } from "./time/fake-clock.ts";
export { SettableClock } from "./time/settable-clock.ts";
export { settled } from "./time/settled.ts";
export { until } from "./time/until.ts";
