import { outagesSuite } from "./outages-suite.ts";

outagesSuite("mysql");
