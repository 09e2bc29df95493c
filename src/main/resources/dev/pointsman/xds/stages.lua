-- Runs for each stage of a fallback. The names of stages' models are metadata of the route.
function envoy_on_request(handle)
  local stage = handle:headers():get("x-pointsman-stage")
  handle:streamInfo():dynamicMetadata():set("pointsman.loop", "stage", stage)
  restore_length(handle)
  local model = handle:metadata():get(stage)
  if model then write_model(handle, model) end
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local state = handle:streamInfo():dynamicMetadata()
  local known = state:get("pointsman.loop") or {}
  for header, fact in pairs(facts) do
    local value = headers:get(header)
    -- Without a value, the fact of an earlier stage does not hold.
    if value or known[fact] then state:set("pointsman.loop", fact, value or "-") end
    if value then headers:remove(header) end
  end
end
