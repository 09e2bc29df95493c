-- The index of the quote that closes the string of JSON which begins at this index; nil if it has no end. Searches for plain
-- characters and single bytes are compiled, patterns are not.
local function closing(text, opening)
  local quote = opening
  while true do
    quote = string.find(text, '"', quote + 1, true)
    if not quote then return nil end
    local before = quote - 1
    while string.byte(text, before) == 92 do before = before - 1 end
    if (quote - before) % 2 == 1 then return quote end
  end
end
