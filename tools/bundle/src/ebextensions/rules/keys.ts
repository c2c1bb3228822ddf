import type { Rule } from "../config-set.ts";

const ALLOWED = ["option_settings", "Resources"];

/**
 * Only settings and resources. `files`, `commands` and `container_commands` run as root on the instance and are
 * not repeated when only the configuration changes: what they did belongs into `.platform/hooks`.
 */
export const keys: Rule = ({ files }) =>
  files.flatMap((file) =>
    file.keys
      .filter((key) => !ALLOWED.includes(key))
      .map((key) => ({
        rule: "keys",
        file: file.name,
        message: `key "${key}" is not allowed, allowed: ${ALLOWED.join(", ")}; programs belong into .platform/hooks`,
      })),
  );
