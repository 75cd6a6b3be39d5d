/** Every description. The route table takes its rows' paths and methods from here, so that a route without one does not compile. */
import { accessDescriptions, accessSchemas } from "./access.ts";
import { accountDescriptions, accountSchemas } from "./accounts.ts";
import { channelDescriptions, channelSchemas } from "./channels.ts";
import { clockDescriptions, clockSchemas } from "./clock.ts";
import { commonSchemas } from "./common-schemas.ts";
import { consoleDescriptions, consoleSchemas } from "./console-pages.ts";
import { deliveryDescriptions, deliverySchemas } from "./deliveries.ts";
import type { Descriptions } from "./description.ts";
import { fieldSchemas } from "./field-schemas.ts";
import { changeDescriptions, historySchemas, replayDescriptions } from "./history.ts";
import { leftOutDescriptions } from "./left-out.ts";
import { lifecycleDescriptions, lifecycleSchemas } from "./lifecycle.ts";
import { liveDescriptions, liveSchemas } from "./live.ts";
import { fieldDescriptions, layoutDescriptions, moduleDescriptions } from "./metadata.ts";
import { moduleSchemas } from "./module-schemas.ts";
import { ownErrorSchemas } from "./own-errors.ts";
import { probeDescriptions } from "./probes.ts";
import { recordDescriptions, recordSchemas } from "./records.ts";
import { refusalSchemas } from "./refusals.ts";
import { relatedDescriptions, relatedSchemas } from "./related-records.ts";
import type { Properties } from "./schema.ts";
import { userDescriptions, userSchemas } from "./users.ts";
import { watchDescriptions, watchSchemas } from "./watch.ts";

export const descriptions = {
  ...watchDescriptions,
  ...recordDescriptions,
  ...relatedDescriptions,
  ...moduleDescriptions,
  ...fieldDescriptions,
  ...layoutDescriptions,
  ...userDescriptions,
  ...leftOutDescriptions,
  ...accountDescriptions,
  ...deliveryDescriptions,
  ...channelDescriptions,
  ...changeDescriptions,
  ...replayDescriptions,
  ...lifecycleDescriptions,
  ...accessDescriptions,
  ...liveDescriptions,
  ...clockDescriptions,
  ...consoleDescriptions,
  ...probeDescriptions,
} satisfies Descriptions;

type Described = typeof descriptions;
/** The path of a route that is described. */
export type DescribedPath = keyof Described;
/** The methods that are described of it. */
export type DescribedMethod<P extends DescribedPath> = keyof Described[P] & string;

/** One endpoint for each method that is described of the path, and no other. */
export type Endpoints<P extends string, E> = P extends DescribedPath ? Readonly<Record<DescribedMethod<P>, E>> : never;

export const schemas: Properties = {
  ...commonSchemas,
  ...refusalSchemas,
  ...ownErrorSchemas,
  ...watchSchemas,
  ...recordSchemas,
  ...relatedSchemas,
  ...moduleSchemas,
  ...fieldSchemas,
  ...userSchemas,
  ...accountSchemas,
  ...deliverySchemas,
  ...channelSchemas,
  ...historySchemas,
  ...lifecycleSchemas,
  ...accessSchemas,
  ...liveSchemas,
  ...clockSchemas,
  ...consoleSchemas,
};
