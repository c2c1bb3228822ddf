import { defineLoginTests } from "./login-tests.ts";

defineLoginTests("mariadb");
