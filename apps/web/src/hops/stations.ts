import type { Topology } from "../settings.ts";
import type { HopsReport } from "./report.ts";

/** One of the four places that the hops join. */
export interface Station {
  icon: "client" | "balancer" | "app" | "database";
  name: string;
  detail: string;
  /** The path has nothing here; the picture keeps its shape. */
  absent: boolean;
}

const BALANCERS: Record<Topology, { name: string; detail: string }> = {
  "alb-reencrypt": { name: "Load balancer", detail: "Application, encrypts again" },
  "alb-terminate": { name: "Load balancer", detail: "Application, sends plain HTTP" },
  "clb-backend-auth": { name: "Load balancer", detail: "Classic, pins the app's key" },
  "nlb-passthrough": { name: "Load balancer", detail: "Network, passes through" },
  "single-instance": { name: "No load balancer", detail: "clients connect to the app" },
};

/** Returns the four places of the path, in order. */
export function stationsOf(report: HopsReport): Station[] {
  const version = report.hops[2].serverVersion;
  const product = version !== undefined && /mariadb/i.test(version) ? "MariaDB" : "MySQL";
  return [
    { icon: "client", name: "Client", detail: "your browser", absent: false },
    { icon: "balancer", ...BALANCERS[report.topology], absent: report.topology === "single-instance" },
    { icon: "app", name: "App", detail: report.instance, absent: false },
    { icon: "database", name: product, detail: version ?? "database", absent: false },
  ];
}
