-- Replaces the name of the model in a body.

-- The position after the string that begins at this quote; nil if it has no end.
local function after_string(text, at)
  local quote = closing(text, at)
  return quote and quote + 1
end

-- The position after the value that begins here; nil if it has no end.
local function after_value(text, at)
  local first = string.sub(text, at, at)
  if first == '"' then return after_string(text, at) end
  if first ~= "{" and first ~= "[" then return string.match(text, "^[%w%.%+%-]+()", at) end
  local depth = 0
  repeat
    local byte = string.byte(text, at)
    if not byte then return nil end
    if byte == 34 then
      at = after_string(text, at)
      if not at then return nil end
    else
      if byte == 123 or byte == 91 then depth = depth + 1 end
      if byte == 125 or byte == 93 then depth = depth - 1 end
      at = at + 1
    end
  until depth == 0
  return at
end

-- Whether this is the key: a letter may be escaped. An escaped backslash leaves a backslash, which the key has not.
local function is_model(key)
  local letters = string.gsub(key, "\\u00(%x%x)", function(code) return string.char(tonumber(code, 16)) end)
  return letters == "model"
end

-- The object with the value of its only model replaced; nil if there is no such value.
local function with_model(text, model)
  local at = string.match(text, "^[ \t\r\n]*{()")
  local from, to
  while at do
    local key = string.match(text, "^[ \t\r\n]*()\"", at)
    local key_end = key and after_string(text, key)
    local value = key_end and string.match(text, "^[ \t\r\n]*:[ \t\r\n]*()", key_end)
    local value_end = value and after_value(text, value)
    if not value_end then return nil end
    if is_model(string.sub(text, key + 1, key_end - 2)) then
      if from then return nil end
      from, to = value, value_end
    end
    local mark, rest = string.match(text, "^[ \t\r\n]*([,}])()", value_end)
    if mark == "}" then
      if not from or not string.match(text, "^[ \t\r\n]*$", rest) then return nil end
      return string.sub(text, 1, from - 1) .. model .. string.sub(text, to)
    end
    at = mark and rest
  end
  return nil
end

-- The tries of a request share its headers: an earlier try may have changed the length.
local function restore_length(handle)
  local original = handle:streamInfo():dynamicMetadata():get("pointsman.model-name")
  if not original then return end
  if original.length == "" then
    handle:headers():remove("content-length")
  else
    handle:headers():replace("content-length", original.length)
  end
end

-- Answers 400 if the body has not exactly one model at its top.
local function write_model(handle, model)
  local body = handle:body()
  if not body then return end
  local quoted = '"' .. string.gsub(model, '["\\]', '\\%0') .. '"'
  local text = with_model(body:getBytes(0, body:length()), quoted)
  if not text then
    handle:respond({[":status"] = "400", ["content-type"] = "application/json"}, refusal)
    return
  end
  -- Waiting for the body has ended the life of the headers.
  local headers = handle:headers()
  handle:streamInfo():dynamicMetadata()
    :set("pointsman.model-name", "length", headers:get("content-length") or "")
  body:setBytes(text)
  headers:replace("content-length", tostring(#text))
end
