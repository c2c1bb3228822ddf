export type { ForwardedTls, HopsInput, ObservedConnection, ObservedDatabase } from "./observation.ts";
export { observeHops } from "./observe.ts";
export type { Hop, HopId, HopsReport, PeerCertificate } from "./report.ts";
export { type HopsDeps, hopsRoutes } from "./routes.ts";
