import type { QueryValue, XmlStyle } from "./query-protocol.ts";

/** Elements that do not begin as the SDK's field does, as the API reference writes them. */
const ELEMENTS: Readonly<Record<string, string>> = {
  SecurityGroupRules: "securityGroupRuleSet",
  Reservations: "reservationSet",
  Instances: "instancesSet",
  NetworkInterfaces: "networkInterfaceSet",
  Groups: "groupSet",
  Subnets: "subnetSet",
  UserIdGroupPairs: "groups",
};

/** How EC2 writes its answers. */
export const ec2Style: XmlStyle = {
  entry: "item",
  element: (field, inside) => {
    if (field === "SecurityGroups") return inside === "" ? "securityGroupInfo" : "groupSet";
    return ELEMENTS[field] ?? field.charAt(0).toLowerCase() + field.slice(1);
  },
};

/** Parameters whose name on the wire is not that of the SDK's field. */
const FIELDS: Readonly<Record<string, string>> = {
  Filter: "Filters",
  Value: "Values",
  InstanceId: "InstanceIds",
  SubnetId: "SubnetIds",
  SecurityGroupRuleId: "SecurityGroupRuleIds",
  Groups: "UserIdGroupPairs",
};
const NUMBERS = ["FromPort", "ToPort", "MaxResults"];

/** Returns parameters of EC2 as the fields of the SDK that they come from. */
export function ec2Input(parameters: Record<string, QueryValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      // One group is changed, several are described.
      name === "GroupId" && Array.isArray(value) ? "GroupIds" : (FIELDS[name] ?? name),
      fieldValue(name, value),
    ]),
  );
}

function fieldValue(name: string, value: QueryValue): unknown {
  if (NUMBERS.includes(name)) return Number(value);
  if (Array.isArray(value))
    return value.map((one) => (typeof one === "string" ? one : fieldValue(name, one)));
  return typeof value === "string" ? value : ec2Input(value);
}
