import { chosenFiles } from "../../topology.ts";
import type { Rule } from "../config-set.ts";

/** Each file of this repository begins with what it is for and the page it comes from. */
export const header: Rule = ({ topology, mode, files }) =>
  files
    .filter(({ name }) => chosenFiles(topology, mode).includes(name))
    .flatMap(({ name, header: lines }) => {
      const purpose = lines.filter((line) => !/^(Source|For): /.test(line)).join(" ");
      const missing = [
        purpose.trim().length < 20 && "what it is for",
        !lines.some((line) => /^For: \S/.test(line)) && "a line `For: <topologies>`",
        !lines.some((line) => /^Source: https:\/\/docs\.aws\.amazon\.com\//.test(line)) &&
          "a line `Source: <page of docs.aws.amazon.com>`",
      ].filter((part) => part !== false);
      return missing.length === 0
        ? []
        : [{ rule: "header", file: name, message: `the comment on top lacks ${missing.join(", ")}` }];
    });
