{{/* The release's name for its objects. */}}
{{- define "watchpost.name" -}}
{{- if contains "watchpost" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-watchpost" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "watchpost.labels" -}}
{{ include "watchpost.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "watchpost.selector" -}}
app.kubernetes.io/name: watchpost
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Of the chart's own or the operator's. */}}
{{- define "watchpost.secret" -}}
{{ .Values.secret.existingSecret | default (include "watchpost.name" .) }}
{{- end }}

{{- define "watchpost.hasSeed" -}}
{{- if or .Values.seed.existingConfigMap .Values.seed.existingSecret .Values.seed.content }}true{{ end -}}
{{- end }}
