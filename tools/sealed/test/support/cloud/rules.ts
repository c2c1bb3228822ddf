import { APP_GROUP, DATABASE_GROUP, LOAD_BALANCER_GROUP } from "./fake-path.ts";

/** A packet of the load balancer to the app. */
export const fromLoadBalancer = { groupIds: [LOAD_BALANCER_GROUP], address: "10.0.0.10" };
export const https = { protocol: "tcp", port: 443 };

/** The one rule that the load balancer needs. */
export const needed = {
  GroupId: APP_GROUP,
  IpProtocol: "tcp",
  FromPort: 443,
  ToPort: 443,
  ReferencedGroupInfo: { GroupId: LOAD_BALANCER_GROUP },
};

/** Rules that let in or out more than that. */
export const everybody = {
  GroupId: APP_GROUP,
  IpProtocol: "tcp",
  FromPort: 443,
  ToPort: 443,
  CidrIpv4: "0.0.0.0/0",
};
export const ssh = { ...everybody, FromPort: 22, ToPort: 22 };
export const allOut = { GroupId: APP_GROUP, IsEgress: true, IpProtocol: "-1", CidrIpv4: "0.0.0.0/0" };

/** The rule by which the database admits the instances. */
export const intoDatabase = {
  GroupId: DATABASE_GROUP,
  IpProtocol: "tcp",
  FromPort: 3307,
  ToPort: 3307,
  ReferencedGroupInfo: { GroupId: APP_GROUP },
};

/** Calls that change something. */
export const CHANGES = /^(Authorize|Revoke)/;
