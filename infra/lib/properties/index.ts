import { accessProperties } from "./access.ts";
import { backupProperties } from "./backup.ts";
import { databaseProperties } from "./database.ts";
import { environmentProperties } from "./environment.ts";
import { functionProperties } from "./functions.ts";
import { loadBalancerProperties } from "./load-balancer.ts";
import { networkProperties } from "./network.ts";
import { observationProperties } from "./observation.ts";
import type { Property } from "./property.ts";
import { secretKeyProperty } from "./secrets.ts";
import { securityGroupProperties } from "./security-groups.ts";
import { storageProperties } from "./storage.ts";
import { webAclProperty } from "./web-acl.ts";

/** Every statement that a program checks of every deployment. */
export const properties: readonly Property[] = [
  ...networkProperties,
  ...securityGroupProperties,
  ...loadBalancerProperties,
  webAclProperty,
  ...environmentProperties,
  ...databaseProperties,
  ...backupProperties,
  ...accessProperties,
  ...functionProperties,
  ...storageProperties,
  secretKeyProperty,
  ...observationProperties,
];
