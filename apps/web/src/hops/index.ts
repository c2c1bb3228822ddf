export type { HopsInput, ObservedConnection, ObservedDatabase } from "./observation.ts";
export { observeHops } from "./observe.ts";
export type { HopsReport } from "./report.ts";
export { addHopsRoutes, type HopsDeps } from "./routes.ts";
