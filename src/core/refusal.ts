/**
 * A refusal says that the caller asked for what cannot be. It is a value: returned item by item, and given its wire form
 * (status, code, message, details) by `wire/error-codes.ts`, which does not compile until every code here has one.
 */
import type { WrittenRecord } from "./written.ts";

/** Where in the request the fault lies: `["watch", 0, "token"]` is `$.watch[0].token`. */
export type Path = readonly (string | number)[];

export type RefusalCode =
  /** A key that must be there is absent or null. `path`. */
  | "mandatory_missing"
  /** A value of the wrong type, length or set. `path`, and one of `expectedType`, `maximumLength`, `supportedValues`, or none. */
  | "value_invalid"
  /** One of several keys had to be given. `paths`. */
  | "one_of_missing"
  /** Two keys contradict each other. `paths`. */
  | "ambiguous"
  /**
   * A key was given without another. In a watch request, `path` is the given one and `dependee` the absent one it depends on; in a record,
   * `path` is the absent field and `dependee` the one whose value asks for it.
   */
  | "dependent_missing"
  /** The channel is not there, or has expired. */
  | "not_subscribed"
  /** No such record. `id`. */
  | "record_unknown"
  /** No such record to delete, in a list. `id`. */
  | "record_not_deleted"
  /** An id in the path that names nothing. `pathIndex`. */
  | "id_unknown_in_path"
  /** An id in the path that is no id. `pathIndex`. */
  | "id_malformed_in_path"
  /** A unique value that another record has. `path`, `id` of that record, and `duplicate` where it is known. */
  | "duplicate"
  /** No such module. `pathIndex`, or `param` when it was named by a query parameter. */
  | "module_invalid"
  /** The module is known but takes no part in this API. `pathIndex` or `param`. */
  | "module_not_supported"
  /** A query parameter that must be there is absent. `param`. */
  | "param_missing"
  /** A query parameter whose value makes no sense. `param`. */
  | "param_invalid"
  /** A query parameter that is none of the words it may be. `param`. */
  | "param_pattern"
  /** A parameter with more entries than it may have. `param`, `limit`. */
  | "param_limit"
  /** More items in the body than one request may have. `path`, `limit`. */
  | "too_many_items"
  /** Rows beyond what pages alone reach. `limit`. */
  | "page_limit"
  /** A page token that was not given for this request. `param`. */
  | "page_token_mismatch"
  /** A page token that has ended. `path`. */
  | "page_token_expired"
  /** Rows beyond what page tokens reach. `param`. */
  | "page_token_limit"
  /** The record changed after the instant that the request named. `record`. */
  | "already_modified"
  /** No such related list of the module. `pathIndex`. */
  | "relation_invalid"
  /** No such related record, or no such record to look for related ones. `id` or `pathIndex`. */
  | "related_unknown"
  /** None of the parameters was given of which one must be. `params`. */
  | "one_param_missing"
  /** Search criteria that make no sense. `field` and `reason`; `operator`, `expectedType` or `value` when one of these is at fault. */
  | "query_invalid"
  /** A condition with more values than it may have. `field`, `limit`. */
  | "query_values_limit"
  /** More conditions than criteria may have. `limit`. */
  | "criteria_limit"
  /** Rows beyond what a search reaches. `limit`. */
  | "search_limit"
  /** The body is no JSON object. */
  | "body_malformed"
  /** The body is larger than the server reads. `limit` in bytes. */
  | "body_too_large"
  /** The body is compressed or coded in another way; the server reads bodies as they are. */
  | "body_coded"
  /** The caller may not do this. */
  | "not_permitted"
  /** No access token, or a header that cannot be read. */
  | "unauthenticated"
  /** An access token that is unknown, expired or revoked. */
  | "token_invalid"
  /** The token lacks the scope. */
  | "scope_mismatch"
  /** The path exists, the method does not. */
  | "method_invalid"
  /** No such path. */
  | "url_invalid"
  /** A part of the real API that is left out here on purpose. */
  | "not_supported"
  /** The org has as many requests under way as it may have. */
  | "too_many_requests"
  /** The org has used its API credits of the last 24 hours. */
  | "credits_exhausted"
  /** The version of the API has no such method. `supportedVersion`. */
  | "version_unsupported"
  /** What is there may not be changed in this way. `path` or `pathIndex`. */
  | "change_not_allowed"
  /** The org has as many of these as it may have. `limit`. */
  | "limit_reached"
  /** The server cannot take more work now. */
  | "overloaded"
  /** A fault of ours; nothing of the inside is told. */
  | "internal";

export type Refusal = {
  readonly code: RefusalCode;
  readonly path?: Path;
  readonly paths?: readonly Path[];
  readonly dependee?: Path;
  /** The wire's name of the data type that was expected, such as "boolean" or "jsonobject". */
  readonly expectedType?: string;
  readonly maximumLength?: number;
  readonly supportedValues?: readonly string[];
  readonly id?: string;
  readonly param?: string;
  readonly pathIndex?: number;
  readonly params?: readonly string[];
  readonly field?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly reason?: string;
  /** The record that has the value; `hasMore` when others have it too. */
  readonly duplicate?: {
    readonly owner: { readonly id: string; readonly name: string } | null;
    readonly module: { readonly id: string; readonly apiName: string };
    readonly hasMore: boolean;
  };
  readonly limit?: number;
  /** The number of the first version that can do it. */
  readonly supportedVersion?: number;
  /** The record as it is now, and the zone its times are told in. */
  readonly record?: { readonly written: WrittenRecord; readonly timeZone: string };
};
