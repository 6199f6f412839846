import { backendContract } from "../backend.contract.ts";
import { openFixture } from "./testing/fixture.ts";

backendContract("docker", openFixture);
