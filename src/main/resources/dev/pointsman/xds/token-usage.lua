-- Counts the tokens of a model's response while it passes: JSON or server-sent events, of OpenAI's and Anthropic's APIs.
-- Nothing is held back, and no more is kept than the text of one usage. The numbers become dynamic metadata.
local NAMESPACE = "pointsman.tokens"
local LONGEST_KEY, LARGEST_USAGE = 8, 8192
local USAGE = '"usage"'
local STRUCTURES = {'"', "{", "}", "[", "]"}

local find, sub, byte, match, gsub = string.find, string.sub, string.byte, string.match, string.gsub

-- The reader of a JSON document that arrives in pieces. Clients choose parts of a response (the schemas of tools, for
-- instance), so that only a usage at the top counts. In events it may also be in "message" or "response".
--   depth   of the current object or array
--   level   the depth of the keys that are looked at
--   name    the string under way, if it is short; key: the last whole one
--   escaped whether the piece before ended in a string, behind an odd number of backslashes
--   usage   the text of the usage under way
local function document()
  return {depth = 0, level = -1}
end

-- Reads the rest of a string from byte i on. Returns the next byte.
local function read_string(doc, piece, i)
  local close = find(piece, '"', i, true)
  local last = (close or #piece + 1) - 1
  local before = last
  while before >= i and byte(piece, before) == 92 do before = before - 1 end
  local escaped = (last - before) % 2 == 1
  if before < i and doc.escaped then escaped = not escaped end
  if doc.name and not escaped and #doc.name + last - i + 1 <= LONGEST_KEY then
    doc.name = doc.name .. sub(piece, i, last)
  else
    doc.name = nil
  end
  if not close then
    doc.escaped = escaped
    return #piece + 1
  end
  doc.escaped = false
  if not escaped then
    doc.quoted, doc.key = false, doc.name
  end
  return close + 1
end

-- The next byte from i on that structures JSON. Each kind is looked for by itself, which is the fastest search by far in
-- long arrays of numbers; next holds the positions.
local function next_structure(piece, i, next)
  local nearest = #piece + 1
  for kind = 1, #STRUCTURES do
    local at = next[kind] or 0
    if at < i then
      at = find(piece, STRUCTURES[kind], i, true) or math.huge
      next[kind] = at
    end
    if at < nearest then nearest = at end
  end
  return nearest
end

local function open(doc, object, nested)
  doc.depth = doc.depth + 1
  if doc.depth == 1 then
    doc.level = object and 1 or -1
  elseif object and doc.depth == doc.level + 1 then
    if doc.key == "usage" then return true end
    if nested and doc.level == 1 and (doc.key == "message" or doc.key == "response") then doc.level = 2 end
  end
  return false
end

-- The beginning of a usage, all that is kept of a long one.
local function bounded(usage)
  return sub(usage, 1, LARGEST_USAGE)
end

-- Reads a piece, and calls found with the text of each usage.
local function read(doc, piece, nested, found)
  local i, start, next = 1, 1, {}
  while i <= #piece do
    if doc.quoted then
      i = read_string(doc, piece, i)
    else
      i = next_structure(piece, i, next)
      local char = byte(piece, i)
      if char == 34 then
        doc.quoted, doc.name = true, doc.depth == doc.level and "" or nil
      elseif char == 123 or char == 91 then
        if open(doc, char == 123, nested) then doc.usage, start = "", i end
        doc.key = nil
      elseif char then
        doc.depth, doc.key = doc.depth - 1, nil
        if doc.usage and doc.depth == doc.level then
          found(bounded(doc.usage .. sub(piece, start, i)))
          doc.usage = nil
        elseif doc.depth < doc.level then
          doc.level = 1
        end
      end
      i = i + 1
    end
  end
  if doc.usage then doc.usage = bounded(doc.usage .. sub(piece, start)) end
end

-- Whether a usage begins in the piece between two bytes. A quoted word is a key or a whole string in any JSON.
local function mentions(piece, from, to)
  while true do
    local at, last = find(piece, USAGE, from, true)
    if not at or at > to then return false end
    if find(piece, "^%s*:%s*{", last + 1) then return true end
    from = last + 1
  end
end

-- Reads a piece of server-sent events. Only events with a usage are read as JSON, unless they arrive in parts.
local function read_events(stream, piece, found)
  piece, stream.rest = stream.rest .. piece, ""
  local i, length = 1, #piece
  while i <= length do
    local stop = find(piece, "\n", i, true)
    local last = stop or length
    local whole = false
    if stream.data == nil then
      if not stop and length - i < 5 then
        stream.rest = sub(piece, i)
        return
      end
      stream.data = sub(piece, i, i + 4) == "data:"
      if stream.data then
        i = i + 5
        whole = stream.fresh and find(piece, "^\r?\n", last + 1) ~= nil
      -- the event ends
      elseif find(piece, "^\r?\n", i) then
        stream.doc, stream.fresh = document(), true
      end
    end
    if stream.data and not (whole and not mentions(piece, i, last)) then
      stream.fresh = false
      read(stream.doc, sub(piece, i, last), true, found)
    end
    if stop then stream.data = nil end
    i = last + 1
  end
end

-- The numbers by name. Returns nil if one of them is no number of tokens.
local function numbers(text)
  -- without details
  local own = gsub(gsub(sub(text, 2, -2), "%b{}", ""), "%b[]", "")
  local all = {}
  for name, value in string.gmatch(own, '"([%l_]+_tokens)"%s*:%s*([^,%s]*)') do
    if match(value, "^%d+$") and #value <= 8 then
      all[name] = tonumber(value)
    elseif value ~= "null" then
      return nil
    end
  end
  return all
end

-- Prompt, completion and total of all numbers so far. Anthropic counts cached tokens apart, and has no total.
local function sums(all)
  local prompt, completion, total = all.prompt_tokens, all.completion_tokens or all.output_tokens, all.total_tokens
  if all.input_tokens then
    local cached = (all.cache_creation_input_tokens or 0) + (all.cache_read_input_tokens or 0)
    prompt = all.input_tokens + (total and 0 or cached)
  end
  if not total and (prompt or completion) then total = (prompt or 0) + (completion or 0) end
  -- embeddings
  if not completion and prompt then completion = total - prompt end
  if not total or (completion or 0) < 0 then return nil end
  return {prompt = prompt, completion = completion, total = total, usage = "reported"}
end

-- The function that stores the numbers of a usage's text, if they have changed.
local function recorder(handle)
  local all, known = {}, {}
  return function(text)
    local new = numbers(text)
    for name, value in pairs(new or {}) do all[name] = value end
    local metadata = handle:streamInfo():dynamicMetadata()
    for key, value in pairs(new and sums(all) or {usage = "invalid"}) do
      if known[key] ~= value then
        known[key] = value
        metadata:set(NAMESPACE, key, value)
      end
    end
  end
end

function envoy_on_response(handle)
  local headers = handle:headers()
  if not match(headers:get(":status"), "^2") then return end
  local kind = match(string.lower(headers:get("content-type") or ""), "^[^;%s]*")
  local events = kind == "text/event-stream"
  if not events and kind ~= "application/json" and not match(kind, "^application/.+%+json$") then return end
  local encoding = string.lower(headers:get("content-encoding") or "identity")
  local readable = encoding == "identity"
  handle:streamInfo():dynamicMetadata():set(NAMESPACE, "usage", readable and "missing" or "compressed")
  if not readable then return end

  local record, done = recorder(handle), false
  local function found(text)
    record(text)
    done = not events
  end
  local doc = document()
  local stream = {doc = doc, fresh = true, rest = ""}
  for chunk in handle:bodyChunks() do
    local piece = chunk:length() > 0 and chunk:getBytes(0, chunk:length()) or ""
    if events then read_events(stream, piece, found) else read(doc, piece, false, found) end
    if done then return end
  end
end
