import { appGuards } from "./app-guards.ts";
import { databaseGuards } from "./database-guards.ts";
import type { Guard } from "./guard.ts";
import { tlsGuards } from "./tls-guards.ts";

/** Every safeguard that is taken out in turn. */
export const guards: readonly Guard[] = [...databaseGuards, ...tlsGuards, ...appGuards];
