-- Finds the model of a large JSON body without parsing all of it. Only structure and strings at the top are looked at, so
-- that long texts cost one search for their end. A result is certain: for JSON it is that of a parser. In all other cases
-- (a name with escapes or not in ASCII, "model" twice, a token that JSON does not have, deep nesting) the parser behind has
-- its turn.
local SMALLEST, LONGEST_NAME, DEEPEST = 10000, 1024, 100
local find, sub, byte = string.find, string.sub, string.byte

-- The model's name that begins at this index, and the index of its closing quote.
local function name_at(text, opening)
  local close = closing(text, opening)
  if not close or close - opening > LONGEST_NAME then return nil end
  local name = sub(text, opening + 1, close - 1)
  if name == "" or find(name, "[^ -~]") or find(name, "\\", 1, true) then return nil end
  return name, close
end

local function model_of(text)
  local at = find(text, "[^ \t\r\n]")
  if not at or byte(text, at) ~= 123 then return nil end
  local depth, model = 1, nil
  while true do
    -- The next token but numbers and literals.
    at = find(text, "[^ \t\r\n,:%w.+-]", at + 1)
    if not at then return nil end
    local token = byte(text, at)
    if token == 34 then
      local close = closing(text, at)
      if not close then return nil end
      if depth == 1 and find(text, "^[ \t\r\n]*:", close + 1) then
        local key = sub(text, at + 1, close - 1)
        if find(key, "\\", 1, true) then return nil end
        if key == "model" then
          local _, opening = find(text, '^[ \t\r\n]*:[ \t\r\n]*"', close + 1)
          if model or not opening then return nil end
          model, close = name_at(text, opening)
          if not model then return nil end
        end
      end
      at = close
    elseif token == 123 or token == 91 then
      depth = depth + 1
      if depth > DEEPEST then return nil end
    elseif token == 125 or token == 93 then
      depth = depth - 1
      if depth == 0 then return not find(text, "[^ \t\r\n]", at + 1) and model or nil end
    else
      return nil
    end
  end
end

function envoy_on_request(handle)
  local body = handle:body()
  if not body or body:length() < SMALLEST then return end
  local model = model_of(body:getBytes(0, body:length()))
  if model then handle:streamInfo():dynamicMetadata():set("pointsman.model", "model", model) end
end
