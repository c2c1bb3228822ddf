import { adminSuite } from "./admin-suite.ts";

adminSuite("mariadb");
