import type { RequestHandler, Router } from "express";
import { WebError } from "./errors.ts";

/** Handlers of one path by method; `get` serves HEAD too. */
export type Methods = Partial<Record<"get" | "post" | "put" | "delete", RequestHandler | RequestHandler[]>>;

/** Adds a path to a router; any method without a handler gets 405 with `Allow`. */
export function addRoute(router: Router, path: string, methods: Methods): void {
  const route = router.route(path);
  const allowed: string[] = [];
  for (const [method, handlers] of Object.entries(methods) as [keyof Methods, RequestHandler][]) {
    route[method](handlers);
    allowed.push(...(method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
  }
  route.all(methodNotAllowed(allowed.join(", ")));
}

/** Answers 405 with `Allow`. */
export function methodNotAllowed(allow: string): RequestHandler {
  return (request) => {
    throw new WebError(
      405,
      "WEB_METHOD_NOT_ALLOWED",
      `${request.method} is not possible here, only ${allow}.`,
      {
        headers: { Allow: allow },
      },
    );
  };
}
