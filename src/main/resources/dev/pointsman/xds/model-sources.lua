-- Finds the model that a request names in a form, in its query or in its path. The parser of JSON has run before. A result is
-- certain: every server finds the same. A request that names several models is refused.
local LONGEST, MOST_HEADERS = 1024, 4096
local find, sub, byte, match, gsub, lower = string.find, string.sub, string.byte, string.match, string.gsub, string.lower
local PLACES = {"/openai/deployments/", "/v1/models/", "/v1beta/models/"}

-- The text with its octets decoded once; nil if one is not encoded correctly.
local function decoded(text)
  local valid = true
  local result = gsub(text, "%%(.?.?)", function(code)
    if not find(code, "^%x%x$") then valid = false return "" end
    return string.char(tonumber(code, 16))
  end)
  return valid and result or nil
end

local function is_unicode(text)
  if not find(text, "[\128-\255]") then return true end
  for _, one in ipairs({"[\194-\223]", "\224[\160-\191]", "[\225-\236\238\239][\128-\191]", "\237[\128-\159]",
    "\240[\144-\191][\128-\191]", "[\241-\243][\128-\191][\128-\191]", "\244[\128-\143][\128-\191]"}) do
    text = gsub(text, one .. "[\128-\191]", "x")
  end
  return not find(text, "[\128-\255]")
end

-- The name of a model; nil if there is none, false if it is none.
local function name_of(text)
  if text == "" then return nil end
  return text and #text <= LONGEST and is_unicode(text) and text
end

-- Keys are read as by servers that pass over wrong octets: such a key is never "model".
local function of_query(path)
  local model, count = nil, 0
  for pair in string.gmatch(match(path, "^[^?]*%??(.*)$"), "[^&]+") do
    local key, value = match(pair, "^([^=]*)=?(.*)$")
    if decoded(key) == "model" then
      count = count + 1
      model = name_of(decoded((gsub(value, "+", " "))) or false)
    end
  end
  return count < 2 and model
end

local function of_path(path, method)
  path = match(path, "^[^?]*")
  local model
  for i, place in ipairs(PLACES) do
    local _, last = find(path, place, 1, true)
    if last then
      if model ~= nil or find(path, place, last, true) then return false end
      local rest = sub(path, last + 1)
      if i == 1 then
        rest = match(rest, "^([^/]*)/") or ""
      elseif method == "POST" then
        rest = match(rest, "^(.*):[^:/]*$") or rest
      end
      model = name_of(decoded(rest) or false)
    end
  end
  return model
end

-- The parameters of a header's value by their names in lower case; nil if they are not certain.
local function parameters(text)
  local found, at = {}, 1
  while not find(text, "^[ \t]*$", at) do
    local name, value, past = match(text, '^[ \t]*;[ \t]*([%w*_-]+)="([^"\\]*)"()', at)
    if not name then name, value, past = match(text, "^[ \t]*;[ \t]*([%w*_-]+)=([%w'+_./:-]+)()", at) end
    name = name and lower(name)
    if not name or found[name] then return nil end
    found[name], at = value, past
  end
  return found
end

-- Whether this is the part of the field "model"; nil if that is not certain.
local function is_model(headers)
  local disposition
  if find(gsub(headers, "\r\n", ""), "[\r\n]") then return nil end
  for line in string.gmatch(headers, "([^\r\n]+)\r\n") do
    local name, value = match(line, "^([%w-]+):[ \t]*(.*)$")
    name = name and lower(name)
    if not name or name == "content-transfer-encoding" or name == "content-disposition" and disposition then return nil end
    if name == "content-disposition" then disposition = value end
  end
  local rest = disposition and match(lower(disposition), "^form%-data()")
  local found = rest and parameters(sub(disposition, rest))
  if not found or not found.name or found["name*"] or find(found.name, "%%") then return nil end
  if found.name ~= "model" then return false end
  if found.filename or found["filename*"] then return nil end
  return true
end

-- The value of the form's only field "model"; nil if there is none; false and "several" or "unreadable".
local function of_form(text, content_type)
  local given = parameters(sub(content_type, #"multipart/form-data" + 1))
  local boundary = given and not given["boundary*"] and given.boundary
  if not boundary or #boundary > 70 then return false, "unreadable" end
  local delimiter = "--" .. boundary
  if sub(text, 1, #delimiter) ~= delimiter then return false, "unreadable" end
  delimiter = "\r\n" .. delimiter
  local model
  local at = #delimiter - 1
  while true do
    local ending = sub(text, at, at + 1)
    if ending == "--" then
      if not find(text, "^[ \t\r\n]*$", at + 2) then return false, "unreadable" end
      return model
    end
    local last = ending == "\r\n" and find(text, "\r\n\r\n", at, true)
    local close = last and last - at <= MOST_HEADERS and find(text, delimiter, last + 2, true)
    -- Servers differ on a delimiter directly behind the headers.
    if not close or close == last + 2 then return false, "unreadable" end
    local is = is_model(sub(text, at + 2, last + 1))
    if is == nil then return false, "unreadable" end
    if is then
      if model then return false, "several" end
      model = name_of(close - last - 4 <= LONGEST and sub(text, last + 4, close - 1))
      if not model then return false, "unreadable" end
    end
    at = close + #delimiter
  end
end

local function refuse(handle, code, message)
  handle:respond({[":status"] = "400", ["content-type"] = "application/json"},
    '{"error":{"message":"' .. message .. '","type":"invalid_request_error","param":"model","code":"' .. code .. '"}}')
end

local function is_json(type)
  return find(type, "^application/json[ \t]*$") or find(type, "^application/json[ \t]*;")
    or find(type, "^application/[a-z0-9.+-]+%+json[ \t]*$") or find(type, "^application/[a-z0-9.+-]+%+json[ \t]*;")
end

-- Bodies that no server reads as anything but data.
local function is_data(type)
  return find(type, "^audio/") or find(type, "^image/") or find(type, "^video/")
    or find(type, "^application/octet%-stream")
end

-- Where such forms can arrive. All other uploads pass unread.
local function takes_forms(path)
  local plain = match(path, "^[^?]*") .. "/"
  return find(plain, "/audio/", 1, true) or find(plain, "/images/", 1, true) or find(plain, "/videos/", 1, true)
end

local function whole(handle)
  local body = handle:body()
  return body and body:getBytes(0, body:length()) or ""
end

-- The model that the URL names, or the reason to refuse the request.
local function of_url(on, path, method)
  local in_query = on:get("query") and of_query(path)
  local in_path = on:get("path") and of_path(path, method)
  if in_query == false or in_path == false then
    return nil, "invalid_model", "The URL names the model twice, or not in a correct encoding."
  end
  if in_query and in_path and in_query ~= in_path then
    return nil, "conflicting_models", "The path and the query name different models."
  end
  return in_query or in_path
end

function envoy_on_request(handle)
  local on, headers = handle:filterContext(), handle:headers()
  local path, method, content = headers:get(":path"), headers:get(":method"), headers:get("content-type") or ""
  local changes_protocol = headers:get("upgrade") ~= nil or method == "CONNECT"
  local asked, code, problem = of_url(on, path, method)
  if problem then return refuse(handle, code, problem) end
  local kind = lower(content)
  local is_form = on:get("form") and find(kind, "^multipart/form%-data") and takes_forms(path)
  if not asked and not is_form then return end
  local named, state
  if changes_protocol or is_data(kind) then
    named = nil
  elseif is_json(kind) then
    -- The parser's state is the same for a body that is not there.
    local read = handle:streamInfo():dynamicMetadata():get("pointsman.model") or {}
    named = read.model
    if read.state and whole(handle) ~= "" then state = read.state end
  elseif is_form then
    named, problem = of_form(whole(handle), content)
    if problem == "several" then return refuse(handle, "conflicting_models", "The form names the model twice.") end
    state = problem and "form-unreadable" or not named and not asked and "form"
  elseif whole(handle) ~= "" then
    state = "unread"
  end
  if named and asked and named ~= asked then
    return refuse(handle, "conflicting_models", "The body and the URL name different models.")
  end
  local metadata = handle:streamInfo():dynamicMetadata()
  if state then
    metadata:set("pointsman.model", "state", state)
  elseif named or asked then
    metadata:set("pointsman.model", "model", named or asked)
  end
end
