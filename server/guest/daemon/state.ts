import { z } from "zod";
import { words } from "../../lib/said.ts";
import { ListeningPort, ServiceState } from "#contract/cave.ts";

/** More than anybody looks at: what a cave says is kept for those who come back. */
const mostPorts = 256;
const mostProcess = 100;
const mostAddress = 64;
const mostReason = 1_000;
/** Far more than there are. */
const mostServices = 32;

/** Any program in the cave may listen, and be called what it likes. */
export const Ports = z
  .array(
    z.strictObject({
      ...ListeningPort.shape,
      process: words(mostProcess).optional(),
      address: words(mostAddress),
    }),
  )
  .transform((ports) => ports.slice(0, mostPorts));

export const Services = z
  .record(z.string().max(32), z.strictObject({ ...ServiceState.shape, reason: words(mostReason).optional() }))
  .refine((services) => Object.keys(services).length <= mostServices);
