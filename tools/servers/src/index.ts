export * from "./ca/index.ts";
export * from "./directory.ts";
export * from "./process/index.ts";
