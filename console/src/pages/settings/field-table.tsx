import { useQuery } from "@tanstack/react-query";
import { lookupTarget } from "../../api/crm.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";

/** The fields of a module, those of one's own first. */
export function FieldTable({ org, module }: { readonly org: string; readonly module: string }) {
  const { crmOf } = useApi();
  const query = useQuery({ queryKey: keys.fields(org, module), queryFn: () => crmOf(org).fields(module) });
  return (
    <Loaded query={query} what="fields">
      {(fields) =>
        fields.length === 0 ? (
          <Empty title="The module has no field">Make the first one above.</Empty>
        ) : (
          <DataTable
            caption={`Fields of ${module}`}
            rows={fields.toSorted((one, other) => Number(other.custom_field) - Number(one.custom_field))}
            keyOf={(field) => field.api_name}
            columns={[
              { name: "Label", cell: (field) => field.field_label },
              { name: "API name", cell: (field) => <span className="wp-mono">{field.api_name}</span> },
              { name: "Type", cell: (field) => [field.data_type, lookupTarget(field)].filter(Boolean).join(" → ") },
              { name: "Custom", cell: (field) => (field.custom_field ? "yes" : "no") },
              { name: "Must be filled", cell: (field) => (field.system_mandatory ? "yes" : "no") },
            ]}
          />
        )
      }
    </Loaded>
  );
}
