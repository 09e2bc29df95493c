-- Tells the picker the endpoints that it may choose, which a header of the loop's cluster has.
function envoy_on_request(handle)
  local headers = handle:headers()
  local names = headers:get("x-pointsman-subset") or ""
  headers:remove("x-pointsman-subset")
  local endpoints = {}
  for endpoint in string.gmatch(names, "[^,]+") do
    endpoints[#endpoints + 1] = endpoint
  end
  if #endpoints == 0 then
    handle:respond({[":status"] = "503", ["content-type"] = "application/json"}, refusal)
    return
  end
  handle:streamInfo():dynamicMetadata()
    :set("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", endpoints)
end
