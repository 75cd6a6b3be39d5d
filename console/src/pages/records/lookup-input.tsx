/** Inputs that point to another record or to a user: chosen by name, sent by id. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { listUsers } from "../../api/access.ts";
import { lookupTarget, type CrmField } from "../../api/crm.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { valueText } from "../../format/record-diff.ts";
import { listColumns } from "./list-columns.ts";
import { useFields } from "./use-module.ts";

export type LookupInputProps = {
  readonly org: string;
  readonly field: CrmField;
  readonly value: string;
  readonly fault: string | null;
  readonly onChange: (value: string) => void;
};

type Choice = { readonly value: string; readonly label: string };

/** The newest records of the target; a field that may point anywhere takes an id. */
export function LookupInput(props: LookupInputProps) {
  const target = lookupTarget(props.field);
  return target === null || target === "se_module" ? <IdInput {...props} /> : <TargetInput {...props} target={target} />;
}

function TargetInput({ target, ...props }: LookupInputProps & { readonly target: string }) {
  const { crmOf } = useApi();
  const fields = useFields(props.org, target);
  const [name] = listColumns(fields.data ?? []);
  const asked = { fields: name?.api_name ?? "id", page: 1 };
  const query = useQuery({
    queryKey: keys.records(props.org, target, asked),
    queryFn: () => crmOf(props.org).list(target, asked),
    enabled: fields.data !== undefined,
  });
  const records = query.data?.records ?? [];
  if (query.isError) return <IdInput {...props} />;
  return (
    <Chooser
      {...props}
      choices={records.map((record) => ({ value: record.id, label: valueText(name === undefined ? record.id : record[name.api_name]) }))}
    />
  );
}

export function UserInput(props: LookupInputProps) {
  const { client } = useApi();
  const query = useQuery({ queryKey: keys.users(props.org), queryFn: () => listUsers(client, { org: props.org }) });
  const users = query.data?.rows ?? [];
  if (query.isError) return <IdInput {...props} />;
  return (
    <Chooser
      {...props}
      choices={users.map(({ id, first_name: first, last_name: last, email }) => ({
        value: id,
        label: `${[first, last].filter(Boolean).join(" ")} (${email})`,
      }))}
    />
  );
}

function Chooser({ field, value, fault, onChange, choices }: LookupInputProps & { readonly choices: readonly Choice[] }) {
  const isKnown = value === "" || choices.some((choice) => choice.value === value);
  return (
    <NativeSelect
      label={field.field_label}
      required={field.system_mandatory}
      error={fault}
      value={value}
      data={[{ value: "", label: "–" }, ...choices, ...(isKnown ? [] : [{ value, label: value }])]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function IdInput({ field, value, fault, onChange }: LookupInputProps) {
  return (
    <TextInput
      label={field.field_label}
      description="The record's id"
      required={field.system_mandatory}
      error={fault}
      value={value}
      inputMode="numeric"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
