export * from "./ca/index.ts";
export * from "./database/index.ts";
export * from "./directory.ts";
export * from "./errors.ts";
export * from "./load-balancer/index.ts";
export * from "./packages/index.ts";
export * from "./process/index.ts";
