import Rulebook
import Testing
