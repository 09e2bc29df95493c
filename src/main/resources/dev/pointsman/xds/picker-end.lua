-- Decides whether a picker that ends its stream has failed. It has not if the whole request has gone to it and the whole
-- request has come back, and no part of a response's body has gone to it yet.
local FAILED, STATE = "14", "pointsman.picker"
local WINDOW = 64

-- The fields of ProcessingRequest (sent) and ProcessingResponse (returned) that matter: a word is for a field that is there
-- and is not 0.
local SENT = {
[2] = { [3] = "bodiless" },
[4] = { [2] = "whole" },
[6] = "whole",
[5] = "answered",
[7] = "answered",
}
local RETURNED = {
[1] = "headers",
[3] = { [1] = { [3] = { [3] = { [2] = "whole" } } } },
[5] = "whole",
[2] = "over",
[4] = "over",
[6] = "over",
[7] = "over",
}

-- The bytes of one direction, as they pass. What is skipped is not copied.
local function reader(handle)
  local chunks = handle:bodyChunks()
  local chunk, size, before, at, window, first = nil, 0, 0, 0, "", 0
  local bytes = {}
  -- Waits for a byte; false at the end.
  function bytes.more()
    while at >= size do
      chunk = chunks()
      if not chunk then return false end
      before, at, size, window, first = before + size, 0, chunk:length(), "", 0
    end
    return true
  end
  function bytes.next()
    if not bytes.more() then error("ends within a message") end
    if at >= first + #window then
      window, first = chunk:getBytes(at, math.min(WINDOW, size - at)), at
    end
    at = at + 1
    return string.byte(window, at - first)
  end
  function bytes.skip(count)
    while count > 0 do
      if not bytes.more() then error("ends within a message") end
      local step = math.min(count, size - at)
      at, count = at + step, count - step
      if at < first or at > first + #window then window, first = "", at end
    end
  end
  function bytes.position() return before + at end
  return bytes
end

local function varint(bytes)
  local value, unit = 0, 1
  while true do
    local byte = bytes.next()
    value = value + byte % 128 * unit
    if byte < 128 then return value end
    unit = unit * 128
  end
end

-- Reads a protobuf message of so many bytes and notes the words of its fields.
local function message(bytes, length, fields, seen)
  local stop = bytes.position() + length
  while bytes.position() < stop do
    local tag = varint(bytes)
    local field, kind = fields[math.floor(tag / 8)], tag % 8
    if kind == 2 then
      local inner = varint(bytes)
      if type(field) == "table" then message(bytes, inner, field, seen) else bytes.skip(inner) end
      if type(field) == "string" then seen[field] = true end
    elseif kind == 0 then
      if varint(bytes) ~= 0 and type(field) == "string" then seen[field] = true end
    elseif kind == 1 then
      bytes.skip(8)
    elseif kind == 5 then
      bytes.skip(4)
    else
      error("no protobuf")
    end
  end
end

-- Reads gRPC messages until the function says so; each has a byte for compression, which Envoy does not offer, and its length.
local function messages(handle, fields, seen, done)
  local bytes = reader(handle)
  while not done(seen) and bytes.more() do
    if bytes.next() ~= 0 then error("compressed") end
    local length = 0
    for _ = 1, 4 do length = length * 256 + bytes.next() end
    message(bytes, length, fields, seen)
  end
end

function envoy_on_request(handle)
  local noted = {}
  messages(handle, SENT, {}, function(seen)
    for word in pairs(seen) do
      if not noted[word] then
        noted[word] = true
        handle:streamInfo():dynamicMetadata():set(STATE, word, true)
      end
    end
    return seen.answered
  end)
end

function envoy_on_response(handle)
  local headers = handle:headers()
  if headers:get("grpc-status") then
    headers:replace("grpc-status", FAILED)
    return
  end
  local seen = {}
  local understood = pcall(messages, handle, RETURNED, seen, function() return seen.whole or seen.over end)
  local trailers = handle:trailers()
  if not trailers then return end
  local sent = handle:streamInfo():dynamicMetadata():get(STATE) or {}
  local whole = sent.whole and seen.whole or sent.bodiless and seen.headers and not seen.over
  if not (understood and whole and not sent.answered and trailers:get("grpc-status") == "0") then
    trailers:replace("grpc-status", FAILED)
  end
end
